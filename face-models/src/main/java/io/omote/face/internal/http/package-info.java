// SPDX-License-Identifier: Apache-2.0
/** Bytes over HTTP: requests with time limits, streams that resume, archives read in place. */
@NullMarked
package io.omote.face.internal.http;

import org.jspecify.annotations.NullMarked;
