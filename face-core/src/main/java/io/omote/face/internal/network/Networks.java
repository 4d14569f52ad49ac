// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.EmbedderModel;
import io.omote.face.internal.engine.ImageTranslator;
import io.omote.face.internal.engine.OnnxGraph;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.options.DetectorOptions;
import io.omote.face.internal.options.NetworkOptions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The table of all networks, and the only place that tells them apart: by the class of a
 * description, by a name in a manifest, or by a graph.
 *
 * <p>Stateless and thread-safe.
 */
public final class Networks {
  private static final List<DetectorNetwork> DETECTORS =
      List.of(new Scrfd(), new YuNet(), new RetinaFace(), new UltraLight());

  private static final ArcFace RECOGNIZER = new ArcFace();

  private static final MediaPipeMesh MESH = new MediaPipeMesh();

  private static final List<AnalyzerNetwork<?>> ANALYZERS =
      List.of(
          new Landmarks106(),
          new Landmarks68(),
          new Landmarks68In2D(),
          MESH,
          new GenderAge(),
          new MiniFasNet(),
          new Quality());

  private Networks() {}

  /** Returns all detectors. */
  public static List<? extends Network<DetectorModel>> detectors() {
    return DETECTORS;
  }

  /** Returns all analyzers. */
  public static List<? extends Network<? extends AnalyzerModel<?>>> analyzers() {
    return ANALYZERS;
  }

  /** Finds a detector by its name in manifests. */
  public static Optional<Network<DetectorModel>> detector(String manifestName) {
    return named(DETECTORS, manifestName);
  }

  /** Finds an analyzer by its name in manifests. */
  public static Optional<Network<? extends AnalyzerModel<?>>> analyzer(String manifestName) {
    return named(ANALYZERS, manifestName);
  }

  private static <N extends Network<?>> Optional<N> named(
      List<? extends N> networks, String manifestName) {
    for (N network : networks) {
      if (network.manifestName().equals(manifestName)) {
        return Optional.of(network);
      }
    }
    return Optional.empty();
  }

  /** Finds the network that a graph belongs to. */
  public static Optional<Network<?>> of(OnnxGraph graph) {
    return Stream.of(DETECTORS, List.of(RECOGNIZER), ANALYZERS)
        .<Network<?>>flatMap(List::stream)
        .filter(network -> network.fits(graph))
        .findFirst();
  }

  /** Returns whether a graph is the network of coefficients that completes a face mesh. */
  static boolean completesMesh(OnnxGraph graph) {
    return MESH.fitsCoefficients(graph);
  }

  private static <N extends Network<?>> N of(Object description, List<N> networks) {
    return networks.stream()
        .filter(network -> network.description().isInstance(description))
        .findFirst()
        .orElseThrow();
  }

  /** Opens a detector, which is not guarded. */
  public static FaceDetector open(
      DetectorModel model, DetectorOptions options, NetworkOptions network) {
    return of(model, DETECTORS).open(model, options, network);
  }

  /** Opens an embedder, which is not guarded. */
  public static FaceEmbedder open(EmbedderModel model, NetworkOptions network) {
    return RECOGNIZER.open(model, network);
  }

  /** Opens an analyzer, which is not guarded. */
  @SuppressWarnings("unchecked") // the class of a description fixes the type of the answers
  public static <A> FaceAnalyzer<A> open(AnalyzerModel<A> model, NetworkOptions network) {
    return ((AnalyzerNetwork<A>) of(model, ANALYZERS)).open(model, network);
  }

  /**
   * Returns the Translator of a detector of one network, with the default thresholds.
   *
   * @param side the side of the input if the file leaves its size open
   */
  public static ImageTranslator<FaceImage, List<Face>> translator(DetectorModel model, int side) {
    return of(model, DETECTORS).translator(model, side);
  }

  /**
   * Returns the Translator of a recognizer, which takes lists of one if its batch size is fixed.
   */
  public static RowTranslator<CropTransform, FaceEmbedding> translator(EmbedderModel model) {
    return RECOGNIZER.translator(model);
  }
}
