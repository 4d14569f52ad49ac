// SPDX-License-Identifier: Apache-2.0
/** Arithmetic on a face that needs no network: the pose of the head, the quality of its image. */
@NullMarked
package io.omote.face.internal.attribute;

import org.jspecify.annotations.NullMarked;
