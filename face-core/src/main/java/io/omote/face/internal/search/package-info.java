// SPDX-License-Identifier: Apache-2.0
/** The exact search of galleries. */
@NullMarked
package io.omote.face.internal.search;

import org.jspecify.annotations.NullMarked;
