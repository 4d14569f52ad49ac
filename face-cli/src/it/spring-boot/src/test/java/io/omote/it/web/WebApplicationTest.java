// SPDX-License-Identifier: Apache-2.0
package io.omote.it.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.context.WebApplicationContext;

/** Uploads images that can be compared, and others that cannot. */
@SpringBootTest
class WebApplicationTest {
  private static final Path SAMPLES = Path.of(System.getProperty("samples"));

  private MockMvcTester mvc;

  @BeforeEach
  void mvc(@Autowired WebApplicationContext context) {
    mvc = MockMvcTester.from(context);
  }

  @Test
  void samePerson() throws IOException {
    assertThat(compareAstronautWith(sample("astronaut_rendition.jpg")))
        .hasStatusOk()
        .bodyJson()
        .hasPathSatisfying("$.samePerson", same -> assertThat(same).isEqualTo(true))
        .hasPath("$.similarity")
        .hasPath("$.threshold");
  }

  @Test
  void differentPeople() throws IOException {
    assertThat(compareAstronautWith(sample("grace_hopper.jpg")))
        .hasStatusOk()
        .bodyJson()
        .hasPathSatisfying("$.samePerson", same -> assertThat(same).isEqualTo(false));
  }

  @Test
  void text_isNoFormatThatIsRead() throws IOException {
    assertProblem(compareAstronautWith("no image".getBytes(UTF_8)), 415);
  }

  @Test
  void brokenJpeg_isUnreadable() throws IOException {
    byte[] whole = sample("grace_hopper.jpg");
    assertProblem(compareAstronautWith(Arrays.copyOf(whole, whole.length / 2)), 422);
  }

  @Test
  void imageWithoutFace_cannotBeCompared() throws IOException {
    assertProblem(compareAstronautWith(blackPng(320, 240)), 422);
  }

  @Test
  void tooManyPixels_areRefused() throws IOException {
    assertProblem(compareAstronautWith(blackPng(4000, 3001)), 413);
  }

  private MvcTestResult compareAstronautWith(byte[] second) throws IOException {
    return mvc.post()
        .uri("/compare")
        .multipart()
        .file("first", sample("astronaut.png"))
        .file("second", second)
        .exchange();
  }

  private static void assertProblem(MvcTestResult result, int status) {
    assertThat(result)
        .hasStatus(status)
        .hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
        .bodyJson()
        .hasPathSatisfying("$.detail", detail -> assertThat(detail).asString().isNotBlank());
  }

  private static byte[] sample(String name) throws IOException {
    return Files.readAllBytes(SAMPLES.resolve(name));
  }

  private static byte[] blackPng(int width, int height) throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), "png", png);
    return png.toByteArray();
  }
}
