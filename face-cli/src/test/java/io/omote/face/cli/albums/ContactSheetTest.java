// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.albums;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.BoundingBox;
import io.omote.face.FaceAlbums;
import io.omote.face.FaceGraph;
import io.omote.face.FaceImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContactSheetTest {
  private static final BoundingBox BOX = new BoundingBox(-0.3f, 5, 40, 60);

  @TempDir private Path folder;

  /** Writes a sheet with an album of two faces, one face in no album, and one that is left out. */
  private String page(String image) throws IOException {
    Path sheet = folder.resolve("my sheet");
    ContactSheet faces = ContactSheet.in(sheet);
    for (int i = 0; i < 4; i++) {
      faces.add(i, FaceImage.of(new BufferedImage(112, 112, BufferedImage.TYPE_3BYTE_BGR)));
    }
    FaceLocation face = new FaceLocation(folder.resolve(image), BOX);
    FaceGraph graph = FaceGraph.builder(3, 0.42).link(0, 1, 0.91).build();
    faces.write(
        "4 faces",
        List.of(face, face, face, face),
        List.of(0, 1, 3),
        FaceAlbums.of(graph),
        Map.of(2, List.of("too small")));
    return Files.readString(sheet.resolve("index.html"));
  }

  @Test
  void page_hasSectionsWithAnchorsNamesAndLinks() throws IOException {
    String page = page("im ages/ü #1?.jpg");

    assertThat(page)
        .contains("<h1>4 faces</h1>")
        .contains("<a href=\"#album-1\">Album 1</a>", "<section id=\"album-1\">")
        .contains("<section id=\"ungrouped\">", "<section id=\"left-out\">")
        .contains("href=\"../im%20ages/%C3%BC%20%231%3F.jpg\"", "<span>ü #1?.jpg</span>")
        .contains(" at 0,5 to 40,60\"", "data-box=\"-0.3 5.0 40.0 60.0\"")
        .contains("<span class=\"number\">0.9100</span>")
        .containsOnlyOnce("<span class=\"why\">too small</span>")
        .containsOnlyOnce("class=\"name\"");
    assertThat(page.split("<figure ")).hasSize(1 + 4);
  }

  @Test
  void names_areEscaped() throws IOException {
    assertThat(page("<b>\"'&.jpg")).contains("&lt;b&gt;&quot;&#39;&amp;.jpg").doesNotContain("<b>");
  }

  @Test
  void script_isTheOnlyOneThatMayRun() throws Exception {
    String page = page("a.jpg");
    String script = page.substring(page.indexOf("<script>") + 8, page.indexOf("</script>"));
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
    assertThat(page)
        .contains("script-src 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'\"")
        .doesNotContain("http:", "https:");
  }
}
