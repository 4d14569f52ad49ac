// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.BusyException;
import io.omote.face.FaceMatcher;
import io.omote.face.ImageException;
import io.omote.face.ImageOptions;
import io.omote.face.models.ModelZoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Answers like a web service, without a server. Arguments: REFERENCE PROBE. */
public class CompareUploads {
  static FaceMatcher open() {
    return FaceMatcher.builder(ModelZoo.lite())
        .maxConcurrentCalls(4) // further requests queue before their images are decoded
        .maxWait(Duration.ofSeconds(2)) // then they fail with BusyException
        .imageOptions(ImageOptions.defaults().withMaxPixels(25_000_000).withMaxBytes(10_000_000))
        .build();
  }

  static String answer(FaceMatcher matcher, byte[] reference, byte[] probe) {
    try {
      return "200 " + matcher.compare(reference, probe).isSamePerson();
    } catch (BusyException e) {
      return "503 " + e.getMessage(); // with Retry-After: the same request may succeed later
    } catch (ImageException e) {
      return "422 " + e.getMessage(); // the sender can fix it; e.reason() tells 413 and 415 apart
    }
  }

  public static void main(String[] args) throws IOException {
    try (FaceMatcher matcher = open()) { // one for all requests, closed when the service stops
      byte[] reference = Files.readAllBytes(Path.of(args[0]));
      System.out.println(answer(matcher, reference, Files.readAllBytes(Path.of(args[1]))));
    }
  }
}
