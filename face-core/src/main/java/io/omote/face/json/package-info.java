// SPDX-License-Identifier: Apache-2.0
/**
 * The JSON form of values of the API.
 *
 * <p>It is a package of its own so that the API stays free of Gson, and it is in this module so
 * that whoever can open a matcher can also load its operating point. Gson comes with DJL anyway.
 */
@NullMarked
package io.omote.face.json;

import org.jspecify.annotations.NullMarked;
