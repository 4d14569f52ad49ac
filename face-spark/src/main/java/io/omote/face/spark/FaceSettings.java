// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.ImageOptions;
import io.omote.face.Orientation;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of {@link FaceTransformer}, in the form that executors get.
 *
 * <p>Immutable and thread-safe.
 *
 * @param models a pack, a folder or an archive
 * @param scoreThreshold the minimum score of a face, null for that of the detector's family
 * @param inputSizes the sides of the detector's input, empty for those of its family
 * @param orientation the positions in which faces are found
 * @param maxBytes the largest size of a file
 * @param maxPixels the largest number of pixels
 * @param maxSide the largest width and height, in pixels
 * @param acceptTruncated whether the available part of a truncated file is decoded
 * @param reducedDecoding the minimum length of the longer side, in pixels; null for full size
 * @param analyzers the analyzers that have a column, in its order
 * @param vector whether there is a column with the numbers of an embedding
 */
record FaceSettings(
    String models,
    @Nullable Float scoreThreshold,
    List<Integer> inputSizes,
    Orientation orientation,
    long maxBytes,
    long maxPixels,
    int maxSide,
    boolean acceptTruncated,
    @Nullable Integer reducedDecoding,
    List<AnalyzerColumn> analyzers,
    boolean vector)
    implements Serializable {
  FaceSettings {
    inputSizes = List.copyOf(inputSizes);
    analyzers = List.copyOf(analyzers);
  }

  /** Returns the limits for images. */
  ImageOptions images() {
    ImageOptions options =
        ImageOptions.defaults()
            .withMaxBytes(maxBytes)
            .withMaxPixels(maxPixels)
            .withMaxSide(maxSide)
            .withAcceptTruncated(acceptTruncated);
    return reducedDecoding == null ? options : options.withReducedDecoding(reducedDecoding);
  }

  /** Returns one line with all settings, which is equal for equal settings. */
  String text() {
    TreeMap<String, Object> all = new TreeMap<>();
    all.put("models", models);
    all.put("scoreThreshold", Optional.<Object>ofNullable(scoreThreshold).orElse("default"));
    all.put("inputSizes", inputSizes.isEmpty() ? "default" : inputSizes);
    all.put("orientation", orientation);
    all.put("maxBytes", maxBytes);
    all.put("maxPixels", maxPixels);
    all.put("maxSide", maxSide);
    all.put("acceptTruncated", acceptTruncated);
    all.put("reducedDecoding", Optional.<Object>ofNullable(reducedDecoding).orElse("none"));
    all.put("analyzers", analyzers.stream().map(AnalyzerColumn::column).toList());
    all.put("vector", vector);
    return all.entrySet().stream().map(Object::toString).collect(Collectors.joining("; "));
  }
}
