// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.albums;

import com.samskivert.mustache.Mustache;
import io.omote.face.Album;
import io.omote.face.BoundingBox;
import io.omote.face.FaceAlbums;
import io.omote.face.FaceImage;
import io.omote.face.cli.files.Outputs;
import io.omote.face.cli.messages.OptionException;
import io.omote.face.internal.files.FileNames;
import io.omote.face.internal.files.ImageFile;
import io.omote.face.internal.files.NewFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

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
   * @throws OptionException if the folder already has a sheet or another page
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

  /**
   * Writes the page.
   *
   * @param summary the heading
   * @param faces all faces
   * @param grouped the indices of the faces that were grouped
   * @param albums the albums of the grouped faces
   * @param leftOut why each other face was left out, by its index
   */
  public void write(
      String summary,
      List<FaceLocation> faces,
      List<Integer> grouped,
      FaceAlbums albums,
      Map<Integer, List<String>> leftOut)
      throws IOException {
    List<Map<String, Object>> sections = new ArrayList<>();
    Set<String> people = new TreeSet<>();
    for (Album album : albums.albums()) {
      album.person().ifPresent(people::add);
      int number = sections.size() + 1;
      sections.add(
          section(
              "album-" + number,
              album.person().orElse("Album " + number),
              true,
              album.faces().stream()
                  .map(
                      proposal ->
                          figure(
                              grouped.get(proposal.face()),
                              faces,
                              String.format(Locale.ROOT, "%.4f", proposal.similarity()),
                              ""))
                  .toList()));
    }
    addRest(
        sections,
        "ungrouped",
        "In no album",
        albums.ungrouped().stream().map(face -> figure(grouped.get(face), faces, "", "")).toList());
    addRest(
        sections,
        "left-out",
        "Not grouped: too small, blurred or dark",
        leftOut.entrySet().stream()
            .map(face -> figure(face.getKey(), faces, "", String.join(", ", face.getValue())))
            .toList());
    String script = resource("contact-sheet.js");
    NewFile.write(
        folder.resolve(PAGE),
        // The template escapes all values but the script and its hash.
        Mustache.compiler()
            .escapeHTML(true)
            .emptyStringIsFalse(true)
            .compile(resource("contact-sheet.html"))
            .execute(
                Map.of(
                    "summary", summary,
                    "count", sections.size(),
                    "sections", sections,
                    "people", people,
                    "script", script,
                    "scriptHash", hash(script))));
  }

  private static void addRest(
      List<Map<String, Object>> sections,
      String id,
      String title,
      List<Map<String, Object>> figures) {
    if (!figures.isEmpty()) {
      sections.add(section(id, title, false, figures));
    }
  }

  private static Map<String, Object> section(
      String id, String title, boolean isAlbum, List<Map<String, Object>> figures) {
    return Map.of(
        "id", id,
        "title", title,
        "isAlbum", isAlbum,
        "size", figures.size() + (figures.size() == 1 ? " face" : " faces"),
        "figures", figures);
  }

  private Map<String, Object> figure(
      int face, List<FaceLocation> faces, String similarity, String why) {
    FaceLocation location = faces.get(face);
    BoundingBox box = location.box();
    return Map.of(
        "file", file(face),
        "link", FileNames.relativeAddress(folder, location.image()),
        "image", location.name(),
        "name", location.name().substring(location.name().lastIndexOf('/') + 1),
        "box", box.left() + " " + box.top() + " " + box.right() + " " + box.bottom(),
        "where", location.description(),
        "similarity", similarity,
        "why", why);
  }

  /** Returns the source of a script in the form that a content security policy allows. */
  private static String hash(String script) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each JDK has it
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ContactSheet.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
