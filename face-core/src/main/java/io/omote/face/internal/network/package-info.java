// SPDX-License-Identifier: Apache-2.0
/** The networks: what each sees of an image, how its outputs are read, and its checks. */
@NullMarked
package io.omote.face.internal.network;

import org.jspecify.annotations.NullMarked;
