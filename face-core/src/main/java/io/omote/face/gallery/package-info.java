// SPDX-License-Identifier: Apache-2.0
/** The exact search of galleries, which lasting galleries build on. Not part of the API. */
@NullMarked
package io.omote.face.gallery;

import org.jspecify.annotations.NullMarked;
