// SPDX-License-Identifier: Apache-2.0
/**
 * The networks. One class for each says what the network sees of an image, how its outputs are
 * read, and which files it accepts; {@link io.omote.face.internal.network.Networks} lists them. A
 * new network costs a description, a class and a line.
 */
@NullMarked
package io.omote.face.internal.network;

import org.jspecify.annotations.NullMarked;
