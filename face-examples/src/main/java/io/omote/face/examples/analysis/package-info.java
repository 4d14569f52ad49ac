// SPDX-License-Identifier: Apache-2.0
/** All that the given models can say of the faces of a picture: as values, JSON and a drawing. */
@NullMarked
package io.omote.face.examples.analysis;

import org.jspecify.annotations.NullMarked;
