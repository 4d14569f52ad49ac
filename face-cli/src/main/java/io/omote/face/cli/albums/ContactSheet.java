// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.albums;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import io.omote.face.Album;
import io.omote.face.FaceAlbums;
import io.omote.face.FaceImage;
import io.omote.face.cli.files.Outputs;
import io.omote.face.internal.files.ImageFile;
import io.omote.face.internal.files.NewFile;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A web page of all albums with the crops of their faces: {@code index.html}, and a folder with a
 * file for each face. Each crop is written immediately, so that memory does not grow with their
 * number. Not thread-safe.
 */
public final class ContactSheet {
  private static final String CROPS = "faces";
  private static final String PAGE = "index.html";

  private final Path folder;

  private ContactSheet(Path folder) {
    this.folder = folder;
  }

  /**
   * Begins a sheet in a folder, and creates the folder if it is missing.
   *
   * @param folder the folder
   * @return the sheet
   * @throws IllegalArgumentException if the folder already has a sheet or another page
   * @throws IOException if the folder cannot be created
   */
  public static ContactSheet in(Path folder) throws IOException {
    // The folder of the crops must be new, so that it has no crops of other faces.
    Outputs.check(List.of(folder.resolve(PAGE), folder.resolve(CROPS)));
    Files.createDirectories(folder);
    Files.createDirectory(folder.resolve(CROPS));
    return new ContactSheet(folder);
  }

  private static String file(int face) {
    return String.format(Locale.ROOT, "%s/%06d.jpg", CROPS, face);
  }

  /** Adds the crop of a face. */
  public void add(int face, FaceImage crop) throws IOException {
    ImageFile.write(crop.toBufferedImage(), folder.resolve(file(face)));
  }

  /** Writes the page. */
  public void write(List<FaceLocation> faces, FaceAlbums albums) throws IOException {
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
    if (!albums.ungrouped().isEmpty()) {
      sections.add(
          section(
              "In no album",
              albums.ungrouped().stream().map(face -> figure(face, "", faces)).toList()));
    }
    NewFile.write(
        folder.resolve(PAGE),
        template()
            .execute(
                Map.of(
                    "faces",
                    faces.size(),
                    "albums",
                    albums.albums().size(),
                    "sections",
                    sections)));
  }

  private static Map<String, Object> section(String title, List<Map<String, Object>> figures) {
    return Map.of("title", title, "count", figures.size(), "figures", figures);
  }

  private static Map<String, Object> figure(int face, String similarity, List<FaceLocation> faces) {
    return Map.of(
        "file", file(face), "similarity", similarity, "where", faces.get(face).description());
  }

  /** Returns the template, which escapes all values. */
  private static Template template() throws IOException {
    try (Reader text =
        new InputStreamReader(
            ContactSheet.class.getResourceAsStream("contact-sheet.html"), StandardCharsets.UTF_8)) {
      return Mustache.compiler().escapeHTML(true).compile(text);
    }
  }
}
