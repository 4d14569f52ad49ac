// SPDX-License-Identifier: Apache-2.0
/** The frame of a public call: its turn, its thread, and closing while others are in flight. */
@NullMarked
package io.omote.face.internal.call;

import org.jspecify.annotations.NullMarked;
