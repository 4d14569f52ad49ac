// SPDX-License-Identifier: Apache-2.0

/** An application that names face-opencv nowhere: it is a service. */
module io.omote.it.opencv {
  requires io.omote.face.models;
}
