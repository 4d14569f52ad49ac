@echo off
rem SPDX-License-Identifier: Apache-2.0
rem
rem Runs omote.jar, which is in the folder of this file.
rem
rem   JAVA_HOME   the Java to use, by default the one on the path
rem   OMOTE_OPTS  options for Java, such as -Xmx2g, after those of JAVA_OPTS

setlocal
set "JAVA=java"
if not "%JAVA_HOME%"=="" set "JAVA=%JAVA_HOME%\bin\java.exe"
"%JAVA%" %JAVA_OPTS% %OMOTE_OPTS% -jar "%~dp0omote.jar" %*
exit /b %ERRORLEVEL%
