// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.omote.face.AlignmentException;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceGallery;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.IdentificationPolicy;
import io.omote.face.PictureException;
import io.omote.face.examples.picture.FaceCover;
import io.omote.face.examples.picture.PictureFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes faces in pictures unrecognizable, for publishing. */
@Command(
    name = "blur",
    mixinStandardHelpOptions = true,
    description = {
      "Writes pictures in which faces are unrecognizable, without the metadata of the files.",
      "A face that the detector misses stays as it is: look at each picture before it is published."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all pictures were written",
      "1:some could not be read, and were not written; or no result, the text says why",
      "2:wrong options"
    })
final class Blur implements Callable<Integer> {
  private static final double FPIR = 0.01;

  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

  @Mixin private final ModelOptions models = new ModelOptions();
  @Spec private CommandSpec spec;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "folder for the pictures, under their names")
  private Path output;

  @Option(
      names = "--how",
      paramLabel = "HOW",
      defaultValue = "blur",
      description = "one of ${COMPLETION-CANDIDATES}; by default ${DEFAULT-VALUE}")
  private FaceCover how;

  @Option(names = "--json", description = "print JSON Lines, one object for each picture")
  private boolean json;

  @ArgGroup(exclusive = false)
  private @Nullable Except except;

  /** People who stay visible. */
  static final class Except {
    @Option(
        names = "--except",
        required = true,
        paramLabel = "GALLERY",
        description = "people who stay visible: folder, or JDBC URL of a PostgreSQL with pgvector")
    private String gallery;

    @Option(
        names = "--except-name",
        paramLabel = "NAME",
        defaultValue = "faces",
        description = "which gallery of a database; by default ${DEFAULT-VALUE}")
    private String name;

    @Option(
        names = "--threshold",
        paramLabel = "COSINE",
        description =
            "similarity from which on somebody is one of them; by default so that at most 1 of 100"
                + " others stays visible, refused where no measurement supports it")
    private @Nullable Double threshold;
  }

  @Parameters(index = "0..*", arity = "1..*", paramLabel = "PICTURE", description = "pictures")
  private List<Path> pictures;

  @Override
  public Integer call() throws IOException {
    check();
    FaceModels chosen = models.models();
    try (FaceDetector detector = FaceDetector.create(chosen)) {
      if (except == null) {
        return write(detector, (image, faces) -> faces);
      }
      try (FaceEmbedder embedder = FaceEmbedder.create(chosen);
          FaceGallery gallery =
              new GalleryLocation(except.gallery, except.name).openToRead(embedder.modelId())) {
        IdentificationPolicy policy =
            except.threshold == null
                ? chosen.identification(FPIR)
                : IdentificationPolicy.ofThreshold(except.threshold);
        return write(
            detector,
            (image, faces) ->
                faces.stream()
                    .filter(face -> isOther(image, face, embedder, gallery, policy))
                    .toList());
      }
    }
  }

  /** Before any work is done: nothing is written twice, or over a picture that is to be read. */
  private void check() throws IOException {
    Files.createDirectories(output);
    Set<Path> files = new HashSet<>();
    for (Path picture : pictures) {
      Path file = output.resolve(picture.getFileName());
      if (!PictureFile.isWritable(file)) {
        throw new ParameterException(
            spec.commandLine(),
            "expected pictures whose names end in one of %s, found %s"
                .formatted(PictureFile.endings(), picture));
      }
      if (!files.add(file)) {
        throw new ParameterException(
            spec.commandLine(), "expected pictures of different names, found two of " + file);
      }
      if (Files.exists(file) && Files.exists(picture) && Files.isSameFile(file, picture)) {
        throw new ParameterException(
            spec.commandLine(),
            "expected another folder than that of the pictures, found %s: an original would be lost"
                .formatted(output));
      }
    }
  }

  /**
   * A line of JSON; the parts in this order are its form. Without an error, all others are there.
   */
  private record Line(
      String image,
      @Nullable String output,
      @Nullable Integer faces,
      @Nullable Integer covered,
      @Nullable String error) {}

  private interface Choice {
    List<Face> toCover(FaceImage image, List<Face> faces);
  }

  private int write(FaceDetector detector, Choice choice) throws IOException {
    List<Path> unread = new ArrayList<>();
    for (Path picture : pictures) {
      try {
        FaceImage image = FaceImage.read(picture);
        List<Face> faces = detector.detect(image);
        List<Face> covered = choice.toCover(image, faces);
        BufferedImage drawing = image.toBufferedImage();
        covered.forEach(face -> how.cover(drawing, face.box()));
        Path file = output.resolve(picture.getFileName());
        PictureFile.write(drawing, file);
        say(
            "%s: %d of %d faces covered".formatted(file, covered.size(), faces.size()),
            new Line(picture.toString(), file.toString(), faces.size(), covered.size(), null));
      } catch (PictureException e) {
        spec.commandLine().getErr().println(e.getMessage());
        spec.commandLine().getErr().flush();
        if (json) {
          say("", new Line(picture.toString(), null, null, null, e.getMessage()));
        }
        unread.add(picture);
      }
    }
    return unread.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private void say(String text, Line line) {
    spec.commandLine().getOut().println(json ? JSON.toJson(line) : text);
    spec.commandLine().getOut().flush();
  }

  /** A face that cannot be embedded is nobody's whom the gallery knows. */
  private static boolean isOther(
      FaceImage image,
      Face face,
      FaceEmbedder embedder,
      FaceGallery gallery,
      IdentificationPolicy policy) {
    try {
      return gallery.identify(embedder.embed(image, face), policy).isEmpty();
    } catch (AlignmentException e) {
      return true;
    }
  }

  public static void main(String[] args) {
    Examples.main(new Blur(), args);
  }
}
