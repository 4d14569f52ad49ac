// SPDX-License-Identifier: Apache-2.0
/**
 * The networks. The class of a network determines which part of an image it takes, how its outputs
 * are read, and which files it accepts; {@link io.omote.face.internal.network.Networks} lists them.
 * A new network requires a description, a class and a line in that table.
 */
@NullMarked
package io.omote.face.internal.network;

import org.jspecify.annotations.NullMarked;
