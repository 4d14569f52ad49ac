// SPDX-License-Identifier: Apache-2.0
/** The results of all analyzers for the faces of an image, as values, JSON and a drawing. */
@NullMarked
package io.omote.face.cli.analysis;

import org.jspecify.annotations.NullMarked;
