// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples.albums;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import io.omote.face.Album;
import io.omote.face.FaceAlbums;
import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * A web page of all albums with the crops of their faces: {@code index.html}, and a file for each
 * face in a folder beside it. Crops are written as they come, so that memory does not grow with
 * them. Not thread-safe.
 */
public final class ContactSheet {
  private static final String CROPS = "faces";

  private final Path folder;

  private ContactSheet(Path folder) {
    this.folder = folder;
  }

  /**
   * Begins a sheet in a folder, which is made where there is none.
   *
   * @throws FaceException if there is a sheet already: faces of other pictures would stay there
   */
  public static ContactSheet in(Path folder) throws IOException {
    Path crops = Files.createDirectories(folder.resolve(CROPS));
    try (Stream<Path> files = Files.list(crops)) {
      if (files.findAny().isPresent()) {
        throw new FaceException(
            "expected a folder without crops of faces, found some in %s: name another folder for the sheet, or delete that one"
                .formatted(crops));
      }
    }
    return new ContactSheet(folder);
  }

  private static String file(int face) {
    return "%s/%06d.jpg".formatted(CROPS, face);
  }

  /** Adds the crop of a face. */
  public void add(int face, FaceImage crop) throws IOException {
    if (!ImageIO.write(crop.toBufferedImage(), "jpg", folder.resolve(file(face)).toFile())) {
      throw new IOException("expected that JPEG files can be written, found no writer for them");
    }
  }

  /** Writes the page. */
  public void write(List<PicturedFace> faces, FaceAlbums albums) throws IOException {
    List<Map<String, Object>> sections = new ArrayList<>();
    for (Album album : albums.albums()) {
      sections.add(
          section(
              album.person().orElse("Album " + (sections.size() + 1)),
              album.faces().stream()
                  .map(
                      proposal ->
                          figure(
                              proposal.face(),
                              String.format(Locale.ROOT, "%.4f", proposal.similarity()),
                              faces))
                  .toList()));
    }
    if (!albums.single().isEmpty()) {
      sections.add(
          section(
              "In no album",
              albums.single().stream().map(face -> figure(face, "", faces)).toList()));
    }
    try (Writer page = Files.newBufferedWriter(folder.resolve("index.html"))) {
      template()
          .execute(
              Map.of("faces", faces.size(), "albums", albums.albums().size(), "sections", sections),
              page);
    }
  }

  private static Map<String, Object> section(String title, List<Map<String, Object>> figures) {
    return Map.of("title", title, "count", figures.size(), "figures", figures);
  }

  private static Map<String, Object> figure(int face, String similarity, List<PicturedFace> faces) {
    return Map.of(
        "file", file(face), "similarity", similarity, "where", faces.get(face).description());
  }

  /** Escapes what is put into it. */
  private static Template template() throws IOException {
    try (Reader text =
        new InputStreamReader(
            ContactSheet.class.getResourceAsStream("contact-sheet.html"), StandardCharsets.UTF_8)) {
      return Mustache.compiler().escapeHTML(true).compile(text);
    }
  }
}
