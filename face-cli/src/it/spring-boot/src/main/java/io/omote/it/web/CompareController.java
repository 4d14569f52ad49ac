// SPDX-License-Identifier: Apache-2.0
package io.omote.it.web;

import io.omote.face.FaceMatch;
import io.omote.face.FaceMatcher;
import java.io.IOException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** A controller that decides whether two uploaded images show the same person. */
@RestController
class CompareController {
  private final FaceMatcher matcher;

  CompareController(FaceMatcher matcher) {
    this.matcher = matcher;
  }

  @PostMapping("/compare")
  Answer compare(@RequestParam MultipartFile first, @RequestParam MultipartFile second)
      throws IOException {
    // The bytes are complete before the call begins: a stream would be read during its turn.
    FaceMatch match = matcher.compare(first.getBytes(), second.getBytes());
    return new Answer(match.similarity(), match.threshold(), match.isSamePerson());
  }

  /** The answer, as JSON. */
  record Answer(double similarity, double threshold, boolean samePerson) {}
}
