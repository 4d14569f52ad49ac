// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.Album;
import io.omote.face.AlignmentException;
import io.omote.face.Face;
import io.omote.face.FaceAlbums;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.FaceGallery;
import io.omote.face.FaceGraph;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.ImageException;
import io.omote.face.ModelException;
import io.omote.face.cli.albums.AlbumsJson;
import io.omote.face.cli.albums.ContactSheet;
import io.omote.face.cli.albums.FaceLocation;
import io.omote.face.cli.image.DisplayedImage;
import io.omote.face.internal.files.FileNames;
import io.omote.face.internal.files.ImageFiles;
import io.omote.face.internal.files.ImageFolders;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Groups the faces of images by person. */
@Command(
    name = "albums",
    mixinStandardHelpOptions = true,
    description = {
      "Groups all faces in the images of FOLDER and its subfolders by person.",
      "Albums are proposals. People of a gallery keep their names and are never merged."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were read; some may show no face",
      "1:no result; the message says why",
      "2:invalid options",
      "3:some images could not be read"
    })
final class Albums implements Callable<Integer> {
  /** The FMR of a link: one false link in 10,000 pairs, and an album needs more than one link. */
  private static final double FMR = 1e-4;

  private static final int UNREAD = 3;

  @Mixin private final ModelOptions models = new ModelOptions();
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FOLDER", description = "folder of images")
  private Path folder;

  @Option(
      names = "--threshold",
      paramLabel = "COSINE",
      description =
          "minimum similarity at which two faces are linked; by default the threshold of the models"
              + " for a false match rate of 1e-4")
  private @Nullable Double threshold;

  @Option(
      names = "--gallery",
      paramLabel = "GALLERY",
      converter = GalleryLocation.Address.class,
      description =
          "gallery of people with names: folder, or JDBC URL of a PostgreSQL with pgvector")
  private @Nullable String gallery;

  @Option(
      names = "--gallery-name",
      paramLabel = "NAME",
      defaultValue = "faces",
      converter = GalleryLocation.Name.class,
      description = "name of the gallery in a database; by default ${DEFAULT-VALUE}")
  private String galleryName;

  @Option(
      names = "--sheet",
      paramLabel = "FOLDER",
      description =
          "folder for a contact sheet: index.html and the crops of the faces; existing files are"
              + " never replaced")
  private @Nullable Path sheet;

  @Option(
      names = "--json",
      description = "print JSON Lines: an object per album, and one for the faces in no album")
  private boolean json;

  private final List<FaceLocation> faces = new ArrayList<>();
  private final List<FaceEmbedding> embeddings = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    FaceModels chosen = models.models();
    double least = threshold == null ? thresholdOf(chosen) : threshold;
    if (gallery != null) {
      new GalleryLocation(gallery, galleryName).modelId(); // fails now rather than after hours
    }
    List<Path> files = files();
    int unread = 0;
    FaceAlbums albums;
    ContactSheet crops;
    try (FaceDetector detector = FaceDetector.create(chosen);
        FaceEmbedder embedder = FaceEmbedder.create(chosen)) {
      check(least, embedder.modelId());
      crops = sheet == null ? null : ContactSheet.in(sheet);
      try (Progress progress = Progress.ofImages("detecting faces", files.size())) {
        for (Path file : files) {
          Optional<String> problem = FileNames.problem(file);
          if (problem.isPresent()) {
            spec.commandLine()
                .getErr()
                .printf(Locale.ROOT, "%s: %s%n", FileNames.readable(file), problem.get());
            unread++;
            progress.step();
            continue;
          }
          try {
            ImageFiles.within(file, () -> add(file, detector, embedder, crops));
          } catch (ImageException | AlignmentException e) {
            spec.commandLine().getErr().println(e.getMessage());
            unread++;
          }
          progress.step();
        }
      }
      albums = FaceAlbums.of(graph(least, embedder.modelId()));
    }
    if (crops != null) {
      crops.write("Albums", faces, albums, Map.of());
    }
    print(albums, files.size(), least);
    return unread == 0 ? 0 : UNREAD;
  }

  private static double thresholdOf(FaceModels chosen) {
    try {
      return chosen.atFmr(FMR).threshold();
    } catch (ModelException e) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "%2$s has no threshold for a false match rate of %1$s: give one with --threshold COSINE",
              FMR,
              chosen.embedder().file()),
          e);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(ImageFolders::isImage).sorted().toList();
    }
  }

  private List<Face> add(
      Path file, FaceDetector detector, FaceEmbedder embedder, @Nullable ContactSheet crops)
      throws IOException {
    DisplayedImage shown = DisplayedImage.read(file);
    FaceImage image = shown.stored();
    List<Face> found = detector.detect(image);
    List<FaceEmbedding> embedded = embedder.embed(image, found);
    FaceImage visible = crops == null ? image : shown.onWhite();
    for (int i = 0; i < found.size(); i++) {
      if (crops != null) {
        crops.add(faces.size(), embedder.align(visible, found.get(i)));
      }
      faces.add(new FaceLocation(file, found.get(i).box()));
      embeddings.add(embedded.get(i));
    }
    return found;
  }

  /** Checks, before a face is written, what would otherwise fail only at the end. */
  private void check(double least, String modelId) {
    FaceGraph.of(List.of(), least);
    if (gallery != null) {
      new GalleryLocation(gallery, galleryName).openToRead(modelId).close();
    }
  }

  private FaceGraph graph(double least, String modelId) {
    if (gallery == null) {
      return FaceGraph.of(embeddings, least);
    }
    try (FaceGallery named = new GalleryLocation(gallery, galleryName).openToRead(modelId)) {
      return FaceGraph.of(embeddings, least, named);
    }
  }

  private void print(FaceAlbums albums, int files, double least) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      AlbumsJson.lines(faces, albums).forEach(out::println);
    } else {
      out.printf(
          Locale.ROOT,
          "%s in %s: %s at threshold %.4f, %s in no album%n",
          Counted.faces(faces.size()),
          Counted.images(files),
          Counted.albums(albums.albums().size()),
          least,
          Counted.faces(albums.ungrouped().size()));
      int number = 1;
      for (Album album : albums.albums()) {
        out.printf(
            Locale.ROOT,
            "%s: %s%n",
            album.person().orElse("album " + number),
            Counted.faces(album.faces().size()));
        number++;
        for (Album.Proposal proposal : album.faces()) {
          out.printf(
              Locale.ROOT,
              "  %.4f %s%n",
              proposal.similarity(),
              faces.get(proposal.face()).description());
        }
      }
    }
    out.flush();
  }
}
