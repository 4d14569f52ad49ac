// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.cli.analysis.FaceDrawing;
import io.omote.face.cli.files.Outputs;
import io.omote.face.cli.image.DisplayedImage;
import io.omote.face.internal.files.ImageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for drawings of the results. */
final class DrawingOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup private @Nullable Where where;

  /** A file for a single image, or a folder. */
  static final class Where {
    @Option(
        names = "--drawing",
        paramLabel = "FILE",
        description =
            "file for the drawing of a single image, in the format of its extension; an existing"
                + " file is never replaced")
    private @Nullable Path file;

    @Option(
        names = "--drawings",
        paramLabel = "FOLDER",
        description =
            "folder for drawings, IMAGE.png for each image; existing files are never replaced")
    private @Nullable Path folder;
  }

  /** The files of the drawings, in the order of the images. */
  private List<Path> files = List.of();

  /** Refuses unusable outputs before any work is done. */
  void prepare(List<Path> images) throws IOException {
    if (where == null) {
      return;
    }
    if (!FaceDrawing.isWithLabels()) {
      spec.commandLine()
          .getErr()
          .println(
              "drawings have no labels, because Java finds no font: install fontconfig and a font,"
                  + " such as the packages fontconfig and fonts-dejavu-core");
    }
    if (where.folder != null) {
      files = files(where.folder, images);
      Outputs.check(files);
      Files.createDirectories(where.folder);
      return;
    }
    if (images.size() != 1) {
      throw new ParameterException(
          spec.commandLine(),
          String.format(
              Locale.ROOT,
              "expected one image for --drawing, found %d: use --drawings FOLDER",
              images.size()));
    }
    if (!ImageFile.isWritable(where.file)) {
      throw new ParameterException(
          spec.commandLine(),
          String.format(
              Locale.ROOT,
              "expected a name that ends in one of %s, found %s",
              String.join(", ", ImageFile.endings()),
              where.file));
    }
    files = List.of(where.file);
    Outputs.check(files);
  }

  /** Numbers the files of images that have the same name in different folders. */
  private static List<Path> files(Path folder, List<Path> images) {
    Set<Path> files = new LinkedHashSet<>();
    for (Path image : images) {
      String name = String.valueOf(image.getFileName()); // the root has none
      Path file = folder.resolve(name + ".png");
      for (int number = 2; !files.add(file); number++) {
        file = folder.resolve(String.format(Locale.ROOT, "%s-%d.png", name, number));
      }
    }
    return List.copyOf(files);
  }

  /**
   * Draws on a copy of an image, if drawings were asked for.
   *
   * @param at the index of the image
   * @param image the image
   * @param content draws the results
   * @return the file that was written
   */
  Optional<Path> draw(int at, DisplayedImage image, Consumer<FaceDrawing> content)
      throws IOException {
    if (where == null) {
      return Optional.empty();
    }
    Path file = files.get(at);
    try (FaceDrawing drawing = new FaceDrawing(image.onWhite())) {
      content.accept(drawing);
      ImageFile.write(drawing.image(), file);
    }
    return Optional.of(file);
  }
}
