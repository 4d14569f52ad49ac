// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.FaceImage;
import io.omote.face.examples.analysis.FaceDrawing;
import io.omote.face.examples.picture.PictureFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
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
        description = "file for the drawing of the one picture; its ending says the format")
    private @Nullable Path file;

    @Option(
        names = "--drawings",
        paramLabel = "DIR",
        description = "folder for drawings, PICTURE.png for each picture")
    private @Nullable Path folder;
  }

  private final Set<Path> written = new HashSet<>();

  /** Refuses what cannot be, before any work is done. */
  void prepare(List<Path> pictures) throws IOException {
    if (where == null) {
      return;
    }
    if (where.folder != null) {
      Files.createDirectories(where.folder);
      return;
    }
    if (pictures.size() != 1) {
      throw new ParameterException(
          spec.commandLine(),
          "expected one picture for --drawing, found %d: use --drawings DIR"
              .formatted(pictures.size()));
    }
    if (!PictureFile.isWritable(where.file)) {
      throw new ParameterException(
          spec.commandLine(),
          "expected a name that ends in one of %s, found %s"
              .formatted(PictureFile.endings(), where.file));
    }
  }

  /** Draws into a copy of the picture; says where it is once it was written. */
  Optional<Path> draw(Path picture, FaceImage image, Consumer<FaceDrawing> content)
      throws IOException {
    if (where == null) {
      return Optional.empty();
    }
    Path file = where.folder == null ? where.file : free(where.folder, picture);
    try (FaceDrawing drawing = new FaceDrawing(image)) {
      content.accept(drawing);
      PictureFile.write(drawing.image(), file);
    }
    return Optional.of(file);
  }

  /** Pictures of several folders may have one name. */
  private Path free(Path folder, Path picture) {
    Path file = folder.resolve(picture.getFileName() + ".png");
    for (int number = 2; !written.add(file); number++) {
      file = folder.resolve("%s-%d.png".formatted(picture.getFileName(), number));
    }
    return file;
  }
}
