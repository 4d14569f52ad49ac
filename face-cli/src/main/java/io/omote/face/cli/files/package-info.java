// SPDX-License-Identifier: Apache-2.0
/** The files that commands write. */
@NullMarked
package io.omote.face.cli.files;

import org.jspecify.annotations.NullMarked;
