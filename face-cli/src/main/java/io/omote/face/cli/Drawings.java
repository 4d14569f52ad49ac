// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.cli.analysis.FaceDrawing;
import io.omote.face.cli.image.ShownImage;
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

/** Where drawings go, if anywhere. */
final class Drawings {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup private @Nullable Where where;

  /** One of both ways. */
  static final class Where {
    @Option(
        names = "--drawing",
        paramLabel = "FILE",
        description =
            "file for the drawing of the one image; its ending says the format; refused where it"
                + " is there")
    private @Nullable Path file;

    @Option(
        names = "--drawings",
        paramLabel = "DIR",
        description =
            "folder for drawings, IMAGE.png for each image; refused where one of them is there")
    private @Nullable Path folder;
  }

  /** The drawing of each image, in their order. */
  private List<Path> files = List.of();

  /** Refuses what cannot be, before any work is done. */
  void prepare(List<Path> images) throws IOException {
    if (where == null) {
      return;
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
              "expected one image for --drawing, found %d: use --drawings DIR",
              images.size()));
    }
    if (!ImageFile.isWritable(where.file)) {
      throw new ParameterException(
          spec.commandLine(),
          String.format(
              Locale.ROOT,
              "expected a name that ends in one of %s, found %s",
              ImageFile.endings(),
              where.file));
    }
    files = List.of(where.file);
    Outputs.check(files);
  }

  /** Images of several folders may have one name. */
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
   * Draws into a copy of an image.
   *
   * @param at which of the images it is
   * @param image the image
   * @param content what to draw
   * @return where the drawing is, once it was written
   */
  Optional<Path> draw(int at, ShownImage image, Consumer<FaceDrawing> content) throws IOException {
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
