// SPDX-License-Identifier: Apache-2.0
package io.omote.it.web;

import io.omote.face.AlignmentException;
import io.omote.face.BusyException;
import io.omote.face.ClosedException;
import io.omote.face.FaceException;
import io.omote.face.ImageException;
import io.omote.face.InterruptedCallException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Answers with a fitting status if an image or the load is the cause; other errors stay 500. */
@RestControllerAdvice
class FaceErrors {
  @ExceptionHandler
  ProblemDetail image(ImageException e) {
    return switch (e.reason()) {
      case UNSUPPORTED_FORMAT -> problem(415, e);
      case TOO_LARGE -> problem(e.isForLackOfMemory() ? 503 : 413, e);
      default -> problem(422, e);
    };
  }

  @ExceptionHandler
  ProblemDetail noAlignment(AlignmentException e) {
    return problem(422, e);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> busy(BusyException e) {
    return ResponseEntity.status(503).header(HttpHeaders.RETRY_AFTER, "2").body(problem(503, e));
  }

  @ExceptionHandler({InterruptedCallException.class, ClosedException.class})
  ProblemDetail shuttingDown(FaceException e) {
    return problem(503, e);
  }

  private static ProblemDetail problem(int status, FaceException e) {
    return ProblemDetail.forStatusAndDetail(HttpStatusCode.valueOf(status), e.getMessage());
  }
}
