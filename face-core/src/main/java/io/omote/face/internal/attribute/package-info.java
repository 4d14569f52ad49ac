// SPDX-License-Identifier: Apache-2.0
/** Computations on a face without a network: the pose of the head, and the quality of its image. */
@NullMarked
package io.omote.face.internal.attribute;

import org.jspecify.annotations.NullMarked;
