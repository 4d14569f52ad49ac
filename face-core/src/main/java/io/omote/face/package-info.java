// SPDX-License-Identifier: Apache-2.0
/**
 * Face recognition in process: detection, alignment, embedding and comparison of faces.
 *
 * <p>Start with {@link io.omote.face.FaceMatcher} to compare two images, or with {@link
 * io.omote.face.FaceDetector} and {@link io.omote.face.FaceEmbedder} for the single steps. Data
 * flows one way: {@link io.omote.face.FaceImage}, {@link io.omote.face.Face}, {@link
 * io.omote.face.FaceEmbedding}, {@link io.omote.face.FaceMatch}.
 *
 * <p>Everything here is either an immutable value or safe for use by several threads. What can go
 * wrong with images and models is a {@link io.omote.face.FaceException}; a wrong argument is an
 * {@link java.lang.IllegalArgumentException} or a {@link java.lang.NullPointerException}.
 */
@NullMarked
package io.omote.face;

import org.jspecify.annotations.NullMarked;
