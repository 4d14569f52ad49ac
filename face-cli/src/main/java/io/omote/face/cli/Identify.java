// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.omote.face.BoundingBox;
import io.omote.face.Candidate;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.IdentificationPoint;
import io.omote.face.IdentificationPolicy;
import io.omote.face.ImageException;
import io.omote.face.description.ErrorRate;
import io.omote.face.internal.files.ImageFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Identifies the people in images with a gallery. */
@Command(
    name = "identify",
    mixinStandardHelpOptions = true,
    description = {
      "Searches a gallery for all faces of images.",
      "The threshold follows from the size of the gallery and the false positive identification"
          + " rate (FPIR), or is your own. An image that cannot be read does not end the run."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were read",
      "1:some images could not be read, or no result; the message says why",
      "2:invalid options"
    })
final class Identify implements Callable<Integer> {
  private static final Gson JSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  @Mixin private final GalleryArgument address = new GalleryArgument();
  @Mixin private final ModelOptions models = new ModelOptions();
  @Spec private CommandSpec spec;

  @ArgGroup private final IdentificationDecision decision = new IdentificationDecision();

  @Option(
      names = "--limit",
      paramLabel = "COUNT",
      defaultValue = "5",
      description = "maximum number of candidates per face; by default ${DEFAULT-VALUE}")
  private int limit;

  @Option(names = "--json", description = "print JSON Lines, one object per image")
  private boolean json;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE", description = "images")
  private List<Path> files;

  /** A line of JSON with its keys in this order. */
  private record Line(
      String image, Size gallery, double threshold, @Nullable Double fpir, List<Found> faces) {}

  private record Size(int samples, int persons) {}

  private record Found(float[] box, List<Candidate> candidates, @Nullable String identified) {}

  @Override
  public Integer call() {
    FaceModels chosen = models.models();
    int exitCode = ExitCode.OK;
    try (FaceDetector detector = FaceDetector.create(chosen);
        FaceEmbedder embedder = FaceEmbedder.create(chosen);
        FaceGallery gallery = address.openToRead(embedder.modelId());
        Progress progress = Progress.ofImages("searching", files.size())) {
      IdentificationPolicy policy = decision.policy(chosen);
      policy.at(embedder.modelId(), gallery.size()); // fails before any work is done
      for (Path file : files) {
        try {
          print(ImageFiles.within(file, () -> identify(file, detector, embedder, gallery, policy)));
        } catch (ImageException e) {
          spec.commandLine().getErr().println(e.getMessage());
          exitCode = ExitCode.SOFTWARE;
        }
        spec.commandLine().getOut().flush();
        progress.step();
      }
    }
    return exitCode;
  }

  private Line identify(
      Path file,
      FaceDetector detector,
      FaceEmbedder embedder,
      FaceGallery gallery,
      IdentificationPolicy policy) {
    FaceImage image = FaceImage.read(file);
    List<Face> faces = detector.detect(image);
    List<FaceEmbedding> embeddings = embedder.embed(image, faces);
    // A run may take hours: people removed meanwhile must not be identified.
    GalleryLocation.refresh(gallery);
    Size size = new Size(gallery.size(), gallery.persons());
    IdentificationPoint point = policy.at(embedder.modelId(), size.samples);
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < faces.size(); i++) {
      BoundingBox box = faces.get(i).box();
      List<Candidate> candidates = gallery.search(embeddings.get(i), limit);
      boolean isIdentified =
          !candidates.isEmpty() && candidates.get(0).similarity() >= point.threshold();
      found.add(
          new Found(
              new float[] {box.left(), box.top(), box.right(), box.bottom()},
              candidates,
              isIdentified ? candidates.get(0).person() : null));
    }
    return new Line(
        file.toString(),
        size,
        point.threshold(),
        point.fpir().map(ErrorRate::value).orElse(null),
        found);
  }

  private void print(Line line) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JSON.toJson(line));
      return;
    }
    out.printf(
        Locale.ROOT,
        "%s: %s, threshold %.4f for %s%s%n",
        line.image,
        Counted.faces(line.faces.size()),
        line.threshold,
        Counted.samples(line.gallery.samples),
        line.fpir == null ? "" : String.format(Locale.ROOT, ", FPIR %.2g", line.fpir));
    for (Found face : line.faces) {
      out.printf(
          Locale.ROOT,
          "  %s at %.0f,%.0f to %.0f,%.0f%n",
          face.identified == null ? "not in the gallery" : face.identified,
          face.box[0],
          face.box[1],
          face.box[2],
          face.box[3]);
      for (Candidate candidate : face.candidates) {
        out.printf(
            Locale.ROOT,
            "    %.4f %s, %s%n",
            candidate.similarity(),
            candidate.person(),
            candidate.sample());
      }
    }
  }
}
