// SPDX-License-Identifier: Apache-2.0
/** All that the given models can say of the faces of an image: as values, JSON and a drawing. */
@NullMarked
package io.omote.face.cli.analysis;

import org.jspecify.annotations.NullMarked;
