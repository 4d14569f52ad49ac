// SPDX-License-Identifier: Apache-2.0
package io.omote.it.inner;

import io.omote.face.BoundingBox;
import io.omote.face.internal.geometry.AffineMap;

/** Uses one type of the API, which compiles, and one of an inner package, which does not. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println(new BoundingBox(0, 0, 1, 1));
    System.out.println(AffineMap.IDENTITY);
  }
}
