// SPDX-License-Identifier: Apache-2.0
/** Images that commands write. */
@NullMarked
package io.omote.face.cli.image;

import org.jspecify.annotations.NullMarked;
