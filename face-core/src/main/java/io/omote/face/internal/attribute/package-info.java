// SPDX-License-Identifier: Apache-2.0
/** What is computed of a face without a network: its pose, and how well an image shows it. */
@NullMarked
package io.omote.face.internal.attribute;

import org.jspecify.annotations.NullMarked;
