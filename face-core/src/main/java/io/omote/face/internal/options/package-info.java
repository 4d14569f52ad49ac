// SPDX-License-Identifier: Apache-2.0
/** The values that the builders of the API hand to the implementations. */
@NullMarked
package io.omote.face.internal.options;

import org.jspecify.annotations.NullMarked;
