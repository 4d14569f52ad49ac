// SPDX-License-Identifier: Apache-2.0
package io.omote.it.web;

import io.omote.face.AlignmentException;
import io.omote.face.ClosedException;
import io.omote.face.FaceException;
import io.omote.face.ImageTooLargeException;
import io.omote.face.InterruptedCallException;
import io.omote.face.NoFaceException;
import io.omote.face.SeveralFacesException;
import io.omote.face.UnreadableImageException;
import io.omote.face.UnsupportedFormatException;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Answers with the status that fits where a picture is to blame; everything else stays 500. */
@RestControllerAdvice
class FaceErrors {
  @ExceptionHandler
  ProblemDetail unsupportedFormat(UnsupportedFormatException e) {
    return problem(415, e);
  }

  @ExceptionHandler
  ProblemDetail tooLarge(ImageTooLargeException e) {
    return problem(413, e);
  }

  @ExceptionHandler({
    UnreadableImageException.class,
    NoFaceException.class,
    SeveralFacesException.class,
    AlignmentException.class
  })
  ProblemDetail unusablePicture(FaceException e) {
    return problem(422, e);
  }

  @ExceptionHandler({InterruptedCallException.class, ClosedException.class})
  ProblemDetail shuttingDown(FaceException e) {
    return problem(503, e);
  }

  private static ProblemDetail problem(int status, FaceException e) {
    return ProblemDetail.forStatusAndDetail(HttpStatusCode.valueOf(status), e.getMessage());
  }
}
