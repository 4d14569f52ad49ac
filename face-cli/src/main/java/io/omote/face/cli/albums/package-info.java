// SPDX-License-Identifier: Apache-2.0
/** What the command {@code albums} writes. */
@NullMarked
package io.omote.face.cli.albums;

import org.jspecify.annotations.NullMarked;
