// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.matcher;

import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.ModelException;
import io.omote.face.description.OperatingPoint;
import io.omote.face.internal.call.GuardedDetector;
import io.omote.face.internal.call.GuardedEmbedder;
import io.omote.face.internal.call.PlatformCall;
import io.omote.face.internal.network.Networks;
import io.omote.face.internal.options.DetectorOptions;
import io.omote.face.internal.options.MatcherOptions;
import io.omote.face.internal.options.NetworkOptions;
import java.util.Locale;

/** Opens matchers. Stateless and thread-safe. */
public final class MatcherOpener {
  private MatcherOpener() {}

  /**
   * Opens a matcher with networks of its own, both at once: one is read from disk while the other
   * is prepared.
   *
   * @param models the files
   * @param detection the options of the detector
   * @param detectorOnly the network options that were set for the detector alone
   * @param options the options of the matcher
   * @return the matcher, which closes the networks
   */
  public static FaceMatcher open(
      FaceModels models,
      DetectorOptions detection,
      NetworkOptions detectorOnly,
      MatcherOptions options) {
    ThreadPlan plan = ThreadPlan.of(options.network(), detectorOnly);
    PlatformCall<FaceDetector> opening =
        PlatformCall.start(() -> openDetector(models, detection, plan.detection()));
    FaceEmbedder embedder;
    try {
      embedder =
          new GuardedEmbedder(Networks.open(models.embedder(), plan.embedding()), plan.embedding());
    } catch (RuntimeException | Error e) {
      close(opening, e);
      throw e;
    }
    FaceDetector detector;
    try {
      detector = opening.join();
    } catch (RuntimeException | Error e) {
      embedder.close();
      throw e;
    }
    try {
      return matcher(detector, embedder, true, plan.parallel(), options);
    } catch (RuntimeException | Error e) {
      DefaultFaceMatcher.close(detector, embedder);
      throw e;
    }
  }

  private static void close(PlatformCall<FaceDetector> opening, Throwable first) {
    try {
      opening.join().close();
    } catch (RuntimeException | Error e) {
      first.addSuppressed(e);
    }
  }

  private static FaceDetector openDetector(
      FaceModels models, DetectorOptions detection, NetworkOptions network) {
    FaceDetector detector =
        Networks.open(models.detector(), detection.withLandmarksRequired(), network);
    return new GuardedDetector(detector, network);
  }

  /** Creates a matcher of open networks, which it does not close. */
  public static FaceMatcher of(
      FaceDetector detector, FaceEmbedder embedder, MatcherOptions options) {
    return matcher(detector, embedder, false, false, options);
  }

  private static FaceMatcher matcher(
      FaceDetector detector,
      FaceEmbedder embedder,
      boolean ownsNetworks,
      boolean parallel,
      MatcherOptions options) {
    options.operatingPoint().ifPresent(point -> requireSameModel(point, embedder.modelId()));
    DefaultFaceMatcher matcher =
        new DefaultFaceMatcher(detector, embedder, ownsNetworks, parallel, options);
    if (options.warmUp()) {
      matcher.warmUp();
    }
    return matcher;
  }

  private static void requireSameModel(OperatingPoint point, String modelId) {
    if (!point.modelId().equals(modelId)) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected an operating point of the model in use, %s, found one of %s: measure one for this model; a threshold does not apply to other models",
              modelId,
              point.modelId()));
    }
  }
}
