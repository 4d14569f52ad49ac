// SPDX-License-Identifier: Apache-2.0
/** HTTP transfers: requests with time limits, streams that resume, and archives read remotely. */
@NullMarked
package io.omote.face.internal.http;

import org.jspecify.annotations.NullMarked;
