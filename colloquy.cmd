@echo off
rem Starts and tests Colloquy with nothing installed but a JDK. See: colloquy help
setlocal
cd /d "%~dp0"

if "%~1"=="" goto usage
if "%~1"=="help" goto help
if "%~1"=="serve" goto serve
if "%~1"=="test" goto test
echo colloquy: unknown command: %~1 1>&2
goto usage

:help
call :text
exit /b 0

:usage
call :text 1>&2
exit /b 2

:text
echo Colloquy, the conversation server.
echo.
echo   colloquy serve [-Dname=value ...]   build if there is no build, then start the server
echo   colloquy test [Maven's arguments]   run all tests
echo   colloquy help                       this text
echo.
echo colloquy test faults is for Linux and macOS, whose signals it needs.
echo After a change of the sources: mvnw package. Relative paths, as .\data where everything is
echo kept, start at the folder of this script. JAVA_OPTS is passed to the JVM of serve.
exit /b 0

:serve
if "%~2"=="help" goto help
if "%~2"=="-h" goto help
if "%~2"=="--help" goto help
rem cmd splits -Dname=value at the equals sign unless it is quoted.
set "settings="
:next_setting
shift
if "%~1"=="" goto build
set "argument=%~1"
if not "%argument:~0,2%"=="-D" (
  echo colloquy: serve takes settings only, as -Dquarkus.http.port=8081, and not: %1 1>&2
  exit /b 2
)
echo %argument%| findstr /c:"=" >nul
if errorlevel 1 (
  set "settings=%settings% "%argument%=%~2""
  shift
) else (
  set "settings=%settings% "%argument%""
)
goto next_setting
:build
call :find_jdk || exit /b 1
if not exist target\quarkus-app\quarkus-run.jar (
  echo colloquy: building ^(the first time takes minutes: the libraries are fetched^) 1>&2
  call mvnw.cmd -q -B -Dmaven.test.skip=true -Dspotless.apply.skip=true package || exit /b 1
)
if not defined JAVA_OPTS set "JAVA_OPTS=-Xmx1g"
"%JAVA_HOME%\bin\java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow %JAVA_OPTS% %settings% -jar target\quarkus-app\quarkus-run.jar
exit /b %errorlevel%

:test
call :find_jdk || exit /b 1
for /f "tokens=1,* delims= " %%a in ("%*") do set "arguments=%%b"
call mvnw.cmd -B -ntp verify -Dspotless.goal=check %arguments%
exit /b %errorlevel%

:find_jdk
set "given=%JAVA_HOME%"
if defined JAVA_HOME call :is_new_enough "%JAVA_HOME%" && exit /b 0
for %%j in (java.exe) do set "on_path=%%~dp$PATH:j"
if defined on_path call :is_new_enough "%on_path%.." && goto other_jdk
for /d %%v in ("%ProgramFiles%\*") do for /d %%j in ("%%v\jdk*") do (
  call :is_new_enough "%%j" && goto other_jdk
)
echo colloquy: needs a JDK 25 or newer and found none. Get one from https://adoptium.net 1>&2
echo and set JAVA_HOME to its folder. 1>&2
exit /b 1

:other_jdk
if defined given echo colloquy: JAVA_HOME (%given%) is no JDK 25 or newer: using %JAVA_HOME% 1>&2
exit /b 0

:is_new_enough
if not exist "%~1\bin\javac.exe" exit /b 1
set "version="
for /f "tokens=3" %%v in ('call "%~1\bin\java" -version 2^>^&1 ^| findstr /i "version"') do (
  if not defined version set "version=%%~v"
)
for /f "tokens=1 delims=.-+" %%m in ("%version%") do set "major=%%m"
if %major% lss 25 exit /b 1
set "JAVA_HOME=%~1"
exit /b 0
