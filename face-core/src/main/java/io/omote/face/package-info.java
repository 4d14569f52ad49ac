// SPDX-License-Identifier: Apache-2.0
/**
 * Face recognition in process: detection, alignment, embedding, verification, identification and
 * grouping of faces.
 *
 * <pre>{@code
 * FaceModels models = FaceModels.ofDirectory(Path.of("models/buffalo_l"));
 * try (FaceMatcher matcher = FaceMatcher.create(models)) {
 *   FaceMatch match = matcher.compare(Path.of("maya_1.jpg"), Path.of("maya_3.jpg"));
 *   System.out.println(match.similarity() + " " + match.isSamePerson());
 * }
 * }</pre>
 *
 * <p>Start with:
 *
 * <ul>
 *   <li>{@link io.omote.face.FaceMatcher} to compare two images (1:1);
 *   <li>{@link io.omote.face.FaceGallery} to find a person among many (1:N);
 *   <li>{@link io.omote.face.FaceAlbums} to group faces by person;
 *   <li>{@link io.omote.face.FaceDetector}, {@link io.omote.face.FaceEmbedder} and {@link
 *       io.omote.face.FaceAnalyzer} for single steps.
 * </ul>
 *
 * <p>Boxes and landmarks are in pixels of the upright {@link io.omote.face.FaceImage}: {@code x}
 * runs to the right, {@code y} downward, and the origin is the center of the top left pixel.
 * Similarities are raw cosines in [-1, 1], never percentages.
 *
 * <p>Every type is an immutable value or thread-safe, except builders. The caller closes what the
 * caller opens.
 *
 * <p>Exceptions are grouped by who can fix the problem: {@link io.omote.face.ImageException} (the
 * sender of the image), {@link io.omote.face.ModelException} (the operator), {@link
 * io.omote.face.EmbeddingException} and {@link io.omote.face.GalleryException} (the owner of the
 * stored data), {@link io.omote.face.BusyException} (nobody: try again). All of them extend {@link
 * io.omote.face.FaceException}. A wrong argument causes an {@link
 * java.lang.IllegalArgumentException} or a {@link java.lang.NullPointerException}.
 */
@NullMarked
package io.omote.face;

import org.jspecify.annotations.NullMarked;
