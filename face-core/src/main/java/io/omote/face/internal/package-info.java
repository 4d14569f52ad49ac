// SPDX-License-Identifier: Apache-2.0
/** The one seam between the API and what stands behind it. */
@NullMarked
package io.omote.face.internal;

import org.jspecify.annotations.NullMarked;
