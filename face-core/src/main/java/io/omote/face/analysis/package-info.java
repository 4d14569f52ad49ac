// SPDX-License-Identifier: Apache-2.0
/**
 * Networks that look at a face: what part of the picture each is given, and how its output is read.
 *
 * <p>Inner: not part of the API, and free to change in any release.
 */
@NullMarked
package io.omote.face.analysis;

import org.jspecify.annotations.NullMarked;
