// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.ModelException;
import io.omote.face.Orientation;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.ModelFile;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxGraph;
import io.omote.face.internal.engine.TensorBuffers;
import io.omote.face.internal.geometry.Letterbox;
import io.omote.face.internal.geometry.Suppression;
import io.omote.face.internal.image.Sampler;
import io.omote.face.internal.options.DetectorOptions;
import io.omote.face.internal.options.NetworkOptions;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A network that finds faces in an image. The image fills the top-left corner of the input with its
 * aspect ratio kept; the rest is black.
 */
abstract class DetectorNetwork extends Network<DetectorModel> {
  private final String title;
  final Sampler sampler;
  final float scoreThreshold;
  final float iouThreshold;
  final List<Integer> inputSizes;

  /**
   * Declares a detector.
   *
   * @param manifestName its name in manifests
   * @param title a noun phrase for messages
   * @param description the class of its descriptions
   * @param fileCount the number of its files
   * @param constructor creates a description of that many files
   * @param sampler fills the input
   * @param scoreThreshold the default minimum score of a face
   * @param iouThreshold the default overlap above which the lower of two boxes is dropped
   * @param inputSizes the default sides of the square inputs, if the input size of the network is
   *     free
   */
  DetectorNetwork(
      String manifestName,
      String title,
      Class<? extends DetectorModel> description,
      int fileCount,
      Function<List<ModelFile>, DetectorModel> constructor,
      Sampler sampler,
      float scoreThreshold,
      float iouThreshold,
      List<Integer> inputSizes) {
    super(manifestName, description, fileCount, constructor);
    this.title = title;
    this.sampler = sampler;
    this.scoreThreshold = scoreThreshold;
    this.iouThreshold = iouThreshold;
    this.inputSizes = inputSizes;
  }

  /**
   * Decodes the outputs of one run.
   *
   * @param outputs the outputs of the network
   * @param fit the place of the image in the input
   * @param threshold the minimum score
   * @return the candidates in pixels of the image, in the order of the outputs
   */
  abstract List<Face> decode(NDList outputs, Letterbox fit, float threshold);

  /** Copies an image into the input. */
  Letterbox fit(FaceImage image, InputSize size) {
    return Letterbox.fit(image.width(), image.height(), size.width(), size.height());
  }

  /** Returns which of the default input sizes an image gets, one pass each. */
  List<Integer> inputSizes(FaceImage image) {
    return inputSizes;
  }

  /** Returns the number that suppression adds to the sides of a box. */
  float extent() {
    return 0;
  }

  /** Refuses a file of another kind, and one without landmarks if they are required. */
  void check(OnnxGraph graph, String file, boolean landmarksRequired) {
    check(graph, file);
  }

  /** Opens a detector of the faces that {@link DetectorOptions} ask for. */
  final FaceDetector open(
      DetectorModel description, DetectorOptions options, NetworkOptions network) {
    if (options.orientation() == Orientation.UPRIGHT) {
      return openUpright(description, options, network);
    }
    return new TurningDetector(openUpright(description, options.withAllFaces(), network), options);
  }

  /** Opens a detector of upright faces. */
  UprightDetector openUpright(
      DetectorModel description, DetectorOptions options, NetworkOptions network) {
    OnnxFile file = OnnxFile.read(description.files().get(0));
    return PassDetector.open(this, file, options, network);
  }

  /** Returns the Translator of the only network, with the default thresholds. */
  final FaceTranslator translator(DetectorModel description, int side) {
    if (fileCount() != 1) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected a detector of one network, found %s: use io.omote.face.FaceDetector",
              this));
    }
    ModelFile file = description.files().get(0);
    OnnxGraph graph = OnnxFile.graph(file);
    check(graph, file.name(), true);
    RowTranslator.checkBatch(graph, file.name());
    InputSize size =
        InputSize.isFree(graph, file.name()) ? InputSize.square(side) : InputSize.fixedBy(graph);
    return new FaceTranslator(this, size, scoreThreshold, suppression(iouThreshold));
  }

  @Override
  final String title() {
    return title;
  }

  @Override
  final String advice(OnnxGraph found) {
    if (ArcFace.isRecognizer(found)) {
      return SWAPPED;
    }
    return Networks.of(found)
        .filter(other -> other instanceof DetectorNetwork && other.fileCount() == 1)
        .map(
            other ->
                String.format(
                    Locale.ROOT,
                    ": describe it with %s, or name a folder that holds one detector and one recognizer",
                    other.description().getSimpleName()))
        .orElse("");
  }

  final Suppression suppression(float threshold) {
    return new Suppression(threshold, extent());
  }

  /**
   * Reads an output with one row per candidate.
   *
   * @throws ModelException if the output has another shape
   */
  final FloatBuffer rows(NDArray output, long count, int columns) {
    Shape shape = output.getShape();
    if (shape.size() != count * columns || shape.getLastDimension() != columns) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected an output of %d rows of %d numbers from %s, found the shape %s: check that the file is a detector of this kind",
              count,
              columns,
              title,
              Arrays.toString(shape.getShape())));
    }
    return TensorBuffers.floats(output);
  }

  /** Returns the exception for a wrong number of outputs. */
  final ModelException wrongOutputs(String expected, NDList outputs) {
    return new ModelException(
        String.format(
            Locale.ROOT,
            "expected the %s outputs of %s, found %d: check that the file is a detector of this kind",
            expected,
            title,
            outputs.size()));
  }
}
