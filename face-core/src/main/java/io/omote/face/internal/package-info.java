// SPDX-License-Identifier: Apache-2.0
/** The only connection between the API and its implementation. */
@NullMarked
package io.omote.face.internal;

import org.jspecify.annotations.NullMarked;
