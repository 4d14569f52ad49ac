// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import java.net.Authenticator;
import java.net.PasswordAuthentication;

/** Fetches like {@link FetchProcess}, with credentials for a proxy, and prints why it failed. */
final class ProxyProcess {
  private ProxyProcess() {}

  public static void main(String[] args) {
    Authenticator.setDefault(
        new Authenticator() {
          @Override
          protected PasswordAuthentication getPasswordAuthentication() {
            return new PasswordAuthentication("me", "secret".toCharArray());
          }
        });
    try {
      FetchProcess.main(args);
    } catch (ModelDownloadException e) {
      System.out.println(e.getMessage());
    }
  }
}
