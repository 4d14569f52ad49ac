// SPDX-License-Identifier: Apache-2.0
/** Pictures that commands write. */
@NullMarked
package io.omote.face.examples.picture;

import org.jspecify.annotations.NullMarked;
