// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.AlignmentException;
import io.omote.face.Face;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.ModelException;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.Normalization;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxGraph;
import io.omote.face.internal.engine.OnnxGraph.Value;
import io.omote.face.internal.engine.OnnxModel;
import io.omote.face.internal.geometry.AffineMap;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.image.Sampler;
import io.omote.face.internal.options.NetworkOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Aligns faces and runs a recognition network on them. Thread-safe.
 *
 * @hidden
 */
public final class ArcFaceEmbedder implements FaceEmbedder {
  private static final Logger log = LoggerFactory.getLogger(ArcFaceEmbedder.class);

  /** The input size of a file that leaves it open. */
  private static final int DEFAULT_SIZE = 112;

  /** Memory grows with the batch and speed does not: crowds are embedded in parts. */
  private static final int MAX_BATCH = 32;

  private final OnnxModel model;
  private final String modelId;
  private final Normalization normalization;
  private final double threshold;
  private final Alignment alignment;
  private final ArcFaceTranslator translator;
  private final int batch;

  private ArcFaceEmbedder(
      OnnxModel model,
      String modelId,
      Normalization normalization,
      double threshold,
      int size,
      int batch) {
    this.model = model;
    this.modelId = modelId;
    this.normalization = normalization;
    this.threshold = threshold;
    this.alignment = new Alignment(size);
    this.translator = new ArcFaceTranslator(modelId, size, normalization);
    this.batch = batch;
  }

  /**
   * Opens an embedder.
   *
   * @param description the file and what is declared of it
   * @param network how it is run
   * @return the embedder
   */
  public static ArcFaceEmbedder open(EmbedderModel description, NetworkOptions network) {
    OnnxFile file = OnnxFile.read(description.file());
    check(file);
    Value input = file.graph().inputs().get(0);
    int size =
        input.dimension(2) == Value.FREE ? DEFAULT_SIZE : Math.toIntExact(input.dimension(2));
    return new ArcFaceEmbedder(
        OnnxModel.open(file, network),
        description.modelId().orElseGet(file::modelId),
        description.normalization().orElseGet(() -> normalizationOf(file)),
        description.threshold(),
        size,
        batchOf(input));
  }

  private static void check(OnnxFile file) {
    OnnxGraph graph = file.graph();
    if (graph.isRecognition()) {
      checkBatch(file);
      return;
    }
    // What kinds of detectors there are is not known here; all of them have several outputs.
    boolean detector = graph.takesColorImages() && graph.outputs().size() > 1;
    throw new ModelException(
        String.format(
            Locale.ROOT,
            "expected a recognition network (input [N,3,S,S] where S is a multiple of 112 or 128; output [N,D]; both 32-bit floats), found %s in %s (%s)%s%s",
            detector ? "several outputs, as detectors have them," : "another kind of network",
            file.name(),
            graph,
            detector ? ": were detector and embedder swapped?" : "",
            graph.elementAdvice()));
  }

  private static void checkBatch(OnnxFile file) {
    Value input = file.graph().inputs().get(0);
    if (!input.accepts(0, 1)) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected a recognition network that takes one face at a time or any number, found %s in %s: export it with a free batch axis",
              input,
              file.name()));
    }
  }

  private static Normalization normalizationOf(OnnxFile file) {
    Normalization found =
        file.graph().normalizesByItself() ? Normalization.IN_GRAPH : Normalization.ARCFACE;
    log.debug(
        "{}: no normalization declared; by its first operators it takes {}", file.name(), found);
    return found;
  }

  private static int batchOf(Value input) {
    return input.dimension(0) == Value.FREE ? MAX_BATCH : 1;
  }

  @Override
  public List<FaceEmbedding> embed(FaceImage image, List<Face> faces) {
    return run(faces.stream().map(face -> crop(image, face)).toList());
  }

  private CropTransform crop(FaceImage image, Face face) {
    return alignment.crop(image, Alignment.landmarksOf(face));
  }

  @Override
  public FaceImage align(FaceImage image, Face face) {
    return Sampler.image(crop(image, face), alignment.size(), alignment.size());
  }

  @Override
  public List<FaceEmbedding> embedAligned(List<FaceImage> crops) {
    crops.forEach(this::check);
    return run(crops.stream().map(crop -> new CropTransform(crop, AffineMap.IDENTITY)).toList());
  }

  private void check(FaceImage crop) {
    if (crop.width() != alignment.size() || crop.height() != alignment.size()) {
      throw new AlignmentException(
          String.format(
              Locale.ROOT,
              "expected an aligned crop of %dx%d, found %dx%d: detect the face and use embed(image, face)",
              alignment.size(),
              alignment.size(),
              crop.width(),
              crop.height()));
    }
  }

  private List<FaceEmbedding> run(List<CropTransform> crops) {
    List<FaceEmbedding> embeddings = new ArrayList<>(crops.size());
    for (int from = 0; from < crops.size(); from += batch) {
      int to = Math.min(from + batch, crops.size());
      embeddings.addAll(model.run(translator, crops.subList(from, to)));
    }
    return List.copyOf(embeddings);
  }

  @Override
  public String modelId() {
    return modelId;
  }

  @Override
  public Normalization normalization() {
    return normalization;
  }

  @Override
  public double threshold() {
    return threshold;
  }

  @Override
  public int cropSize() {
    return alignment.size();
  }

  @Override
  public void close() {
    model.close();
  }
}
