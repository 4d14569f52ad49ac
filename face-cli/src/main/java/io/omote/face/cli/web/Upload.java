// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import io.omote.face.Landmarks.Point;
import java.util.Optional;

/**
 * An image of a form, and the face that was chosen in it.
 *
 * @param part the name of the part of the form, for messages
 * @param image the bytes of the image file
 * @param point a point of the chosen face, in pixels of the upright image; without one, the central
 *     face counts
 */
record Upload(String part, byte[] image, Optional<Point> point) {}
