// SPDX-License-Identifier: Apache-2.0
package io.omote.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceMatcher;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.context.WebApplicationContext;

/** Uploads images while the only turn is taken. */
@SpringBootTest(properties = {"omote.max-concurrent-calls=1", "omote.max-wait=0s"})
class BusyTest {
  private static final Path SAMPLES = Path.of(System.getProperty("samples"));

  private final CountDownLatch reading = new CountDownLatch(1);
  private final CountDownLatch proceed = new CountDownLatch(1);

  @Test
  void noTurn_isServiceUnavailable(
      @Autowired WebApplicationContext context, @Autowired FaceMatcher matcher) throws Exception {
    byte[] image = Files.readAllBytes(SAMPLES.resolve("astronaut.png"));
    FutureTask<Optional<FaceEmbedding>> holder =
        new FutureTask<>(() -> matcher.embed(new StalledStream(image)));
    new Thread(holder).start();
    reading.await();
    try {
      assertThat(compare(context, image))
          .hasStatus(503)
          .hasHeader(HttpHeaders.RETRY_AFTER, "2")
          .hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
          .bodyJson()
          .hasPathSatisfying(
              "$.detail",
              detail -> assertThat(detail).asString().contains("no turn of the matcher"));
    } finally {
      proceed.countDown();
    }
    assertThat(holder.get()).isPresent();
    assertThat(compare(context, image)).hasStatusOk();
  }

  private static MvcTestResult compare(WebApplicationContext context, byte[] image) {
    return MockMvcTester.from(context)
        .post()
        .uri("/compare")
        .multipart()
        .file("first", image)
        .file("second", image)
        .exchange();
  }

  /** A request body of a slow sender. */
  private final class StalledStream extends ByteArrayInputStream {
    StalledStream(byte[] content) {
      super(content);
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      reading.countDown();
      try {
        proceed.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return super.read(into, offset, length);
    }
  }
}
