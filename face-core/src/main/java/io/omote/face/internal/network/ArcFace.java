// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import ai.djl.ndarray.types.Shape;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.Normalization;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxGraph;
import io.omote.face.internal.engine.OnnxGraph.Value;
import io.omote.face.internal.engine.OnnxModel;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.image.Sampler;
import io.omote.face.internal.options.NetworkOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recognizers of the ArcFace kind: input {@code [N,3,S,S]}, RGB, normalized as declared, a face
 * aligned by {@link Alignment}; output {@code [N,D]}, its embedding.
 */
final class ArcFace extends Network<EmbedderModel> {
  private static final Logger log = LoggerFactory.getLogger(ArcFace.class);

  private static final int PLANES = 3;

  /** The input size of a file that leaves it open. */
  private static final int DEFAULT_SIDE = 112;

  ArcFace() {
    super("arcface", EmbedderModel.class, 1, files -> EmbedderModel.of(files.get(0)));
  }

  @Override
  boolean fits(OnnxGraph graph) {
    return isRecognizer(graph);
  }

  static boolean isRecognizer(OnnxGraph graph) {
    if (!graph.takesColorImages() || graph.outputs().size() != 1) {
      return false;
    }
    long side = graph.inputs().get(0).dimension(2);
    boolean aligned = side == Value.FREE || side > 0 && (side % 112 == 0 || side % 128 == 0);
    return aligned
        && side == graph.inputs().get(0).dimension(3)
        && graph.outputs().get(0).rank() == 2
        && graph.outputs().get(0).dimension(1) != 1;
  }

  @Override
  String title() {
    return "a recognizer";
  }

  @Override
  String signature() {
    return "input [N,3,S,S] where S is a multiple of 112 or 128; output [N,D]; both 32-bit floats";
  }

  /** All detectors have several outputs. */
  @Override
  String advice(OnnxGraph found) {
    return found.takesColorImages() && found.outputs().size() > 1 ? SWAPPED : "";
  }

  FaceEmbedder open(EmbedderModel description, NetworkOptions options) {
    OnnxFile file = OnnxFile.read(description.file());
    OnnxGraph graph = file.graph();
    check(graph, file.name());
    RowTranslator.checkBatch(graph, file.name());
    String modelId = description.modelId().orElseGet(file::modelId);
    Normalization normalization = normalization(description, graph);
    return new ArcFaceEmbedder(
        OnnxModel.open(file, options),
        translator(graph, modelId, normalization),
        modelId,
        normalization,
        description.threshold());
  }

  /** Returns the translator of a file, for embeddings without a meaningful model id. */
  RowTranslator<CropTransform, FaceEmbedding> translator(EmbedderModel description) {
    String name = description.file().name();
    OnnxGraph graph = OnnxFile.graph(description.file());
    check(graph, name);
    return translator(graph, description.modelId().orElse(name), normalization(description, graph));
  }

  private static RowTranslator<CropTransform, FaceEmbedding> translator(
      OnnxGraph graph, String modelId, Normalization normalization) {
    long fixed = graph.inputs().get(0).dimension(2);
    int side = fixed == Value.FREE ? DEFAULT_SIDE : Math.toIntExact(fixed);
    Sampler sampler = Sampler.rgb(normalization);
    return new RowTranslator<>(
        modelId,
        graph,
        new Shape(PLANES, side, side),
        new long[] {Value.FREE},
        (crop, input) -> sampler.warp(crop, side, side, input),
        (row, crop) -> FaceEmbedding.ofRaw(modelId, row));
  }

  private static Normalization normalization(EmbedderModel description, OnnxGraph graph) {
    return description
        .normalization()
        .orElseGet(
            () -> {
              Normalization found =
                  graph.normalizesByItself() ? Normalization.IN_GRAPH : Normalization.ARCFACE;
              log.debug(
                  "{}: no normalization declared; its first operators suggest {}",
                  description.file().name(),
                  found);
              return found;
            });
  }
}
