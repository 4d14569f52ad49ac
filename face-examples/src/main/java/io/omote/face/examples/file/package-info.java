// SPDX-License-Identifier: Apache-2.0
/** The files that the commands write. */
@NullMarked
package io.omote.face.examples.file;

import org.jspecify.annotations.NullMarked;
