// SPDX-License-Identifier: Apache-2.0
/** Images that commands display or write. */
@NullMarked
package io.omote.face.cli.image;

import org.jspecify.annotations.NullMarked;
