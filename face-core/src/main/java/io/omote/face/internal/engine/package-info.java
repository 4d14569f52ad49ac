// SPDX-License-Identifier: Apache-2.0
/**
 * Model files: reading the graph, opening a session through DJL, the buffers of inputs.
 *
 * <p>Internal: not part of the API, may change in any release.
 */
@NullMarked
package io.omote.face.internal.engine;

import org.jspecify.annotations.NullMarked;
