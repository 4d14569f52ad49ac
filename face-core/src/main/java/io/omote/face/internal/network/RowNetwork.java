// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import ai.djl.ndarray.types.Shape;
import io.omote.face.FaceAnalyzer;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.ModelFile;
import io.omote.face.description.Normalization;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxGraph;
import io.omote.face.internal.engine.OnnxGraph.Value;
import io.omote.face.internal.engine.OnnxModel;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.image.Sampler;
import io.omote.face.internal.options.NetworkOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A network, or several, that takes a square crop of each face and returns one row of numbers.
 *
 * @param <A> the type of the results
 */
abstract class RowNetwork<A> extends AnalyzerNetwork<A> {
  /** The side of the crop for InsightFace's networks, as a multiple of the box's longer side. */
  static final double SQUARE = 1.5;

  private static final Normalization INSIGHTFACE = new Normalization(127.5f, 128);

  private final int planes;
  private final int columns;
  private final long[] sides;

  /**
   * Declares an analyzer.
   *
   * @param manifestName its name in manifests
   * @param description the class of its descriptions
   * @param fileCount the number of its files, all of one signature
   * @param constructor creates a description of that many files
   * @param planes the planes of the input
   * @param columns the columns of the output
   * @param sides the sides that the input may have; any if none is given
   */
  RowNetwork(
      String manifestName,
      Class<? extends AnalyzerModel<A>> description,
      int fileCount,
      Function<List<ModelFile>, AnalyzerModel<A>> constructor,
      int planes,
      int columns,
      long... sides) {
    super(manifestName, description, fileCount, constructor);
    this.planes = planes;
    this.columns = columns;
    this.sides = sides;
  }

  @Override
  final boolean fits(OnnxGraph graph) {
    if (graph.inputs().size() != 1 || graph.outputs().size() != 1 || !graph.isOfFloats()) {
      return false;
    }
    Value input = graph.inputs().get(0);
    Value output = graph.outputs().get(0);
    return input.takesImages(planes)
        && input.dimension(1) == planes
        && input.dimension(2) == input.dimension(3)
        && output.rank() == 2
        && output.dimension(1) == columns
        && fitsSide(input.dimension(2));
  }

  /** Returns whether the input may have this side, which may be {@link Value#FREE}. */
  boolean fitsSide(long side) {
    return sides.length == 0 ? side > 0 : Arrays.stream(sides).anyMatch(own -> own == side);
  }

  @Override
  final String signature() {
    return String.format(
        Locale.ROOT,
        "input [N,%d,S,S], square and of fixed size%s; output [N,%d]; both 32-bit floats",
        planes,
        sides.length == 0 ? "" : ", S one of " + Arrays.toString(sides),
        columns);
  }

  @Override
  final FaceAnalyzer<A> open(AnalyzerModel<A> description, NetworkOptions options) {
    List<OnnxFile> files = description.files().stream().map(OnnxFile::read).toList();
    for (OnnxFile file : files) {
      check(file.graph(), file.name());
      RowTranslator.checkBatch(file.graph(), file.name());
    }
    return open(files, options);
  }

  /** Opens files that were checked. */
  abstract FaceAnalyzer<A> open(List<OnnxFile> files, NetworkOptions options);

  static int side(OnnxGraph graph) {
    return Math.toIntExact(graph.inputs().get(0).dimension(2));
  }

  /** Returns the translator of a network, for crops of any kind. */
  final <S, B> RowTranslator<S, B> translator(
      OnnxFile file, RowTranslator.Filler<S> filler, RowTranslator.Reader<S, B> reader) {
    int side = side(file.graph());
    return new RowTranslator<>(
        file.name(),
        file.graph(),
        new Shape(planes, side, side),
        new long[] {columns},
        filler,
        reader);
  }

  /** Returns the translator of a network that takes a rotated or scaled part of the image. */
  final <B> RowTranslator<CropTransform, B> translator(
      OnnxFile file, Sampler sampler, RowTranslator.Reader<CropTransform, B> reader) {
    int side = side(file.graph());
    return translator(file, (crop, input) -> sampler.warp(crop, side, side, input), reader);
  }

  /** Opens a network that takes a square around each box, turned with the face. */
  final <B> FaceAnalyzer<B> openSquare(
      OnnxFile file,
      NetworkOptions options,
      Sampler sampler,
      double times,
      RowTranslator.Reader<CropTransform, B> reader) {
    int side = side(file.graph());
    return new CropAnalyzer<>(
        OnnxModel.open(file, options),
        translator(file, sampler, reader),
        (image, face) -> CropTransform.square(image, face, times, side));
  }

  /** Returns the sampler for one of InsightFace's networks. */
  static Sampler insightFace(OnnxGraph graph) {
    return Sampler.rgb(graph.normalizesByItself() ? Normalization.IN_GRAPH : INSIGHTFACE);
  }

  /** Converts a pixel of a crop to a place in the image. */
  static void put(CropTransform crop, double x, double y, float[] coordinates, int at) {
    coordinates[at] = (float) crop.toImage().x(x, y);
    coordinates[at + 1] = (float) crop.toImage().y(x, y);
  }
}
