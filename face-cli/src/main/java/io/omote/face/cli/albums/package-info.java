// SPDX-License-Identifier: Apache-2.0
/** The outputs of the command {@code albums}. */
@NullMarked
package io.omote.face.cli.albums;

import org.jspecify.annotations.NullMarked;
